/** Files that go along as they are: beside this source, which the package has, too, when it is built. */
export function asset(name: string): URL {
  const isSource = import.meta.url.endsWith(".ts");
  return new URL(isSource ? `./${name}` : `../src/simulate/story/${name}`, import.meta.url);
}

/** A program of its own: of the sources, or of the build. */
export function program(name: string): URL {
  return new URL(import.meta.url.endsWith(".ts") ? `./${name}.ts` : `./${name}.js`, import.meta.url);
}
