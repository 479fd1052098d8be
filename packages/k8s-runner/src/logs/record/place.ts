/**
 * Where the newest file of a log begins in the record of the same output. Pure.
 *
 * Only the log has timestamps, and only the record has every line, so the two are matched by the texts of their lines, of which both
 * sides keep hashes. The container that prints the record does so in order and leaves nothing out, hence a log file is a run
 * of neighbouring lines of the record. A file whose first line was printed before the record was read begins inside of what
 * was read; from there both must agree for as long as both go on. Where more than one place satisfies that, as with output that
 * repeats itself, nothing may be concluded: taking the wrong place would lose lines or deliver them twice.
 */

export type PlaceInRecord =
  /** The file's line `from` is the record's line `line`. */
  | { readonly kind: "found"; readonly line: number; readonly from: 0 | 1 }
  /** At more than one place; the first of them leaves the fewest lines of the file that may not have been in the record. */
  | { readonly kind: "ambiguous"; readonly line: number; readonly from: 0 | 1 }
  | { readonly kind: "absent" };

/** Both are hashes of whole lines; the record's may begin anywhere before the file. */
export function placeInRecord(record: readonly number[], file: readonly number[]): PlaceInRecord {
  const [line, other] = placesOf(record, file);
  if (line !== undefined) return { kind: other === undefined ? "found" : "ambiguous", line, from: 0 };
  // A rotation inside a long line leaves the end of it as the first line of the next file.
  const [behind, another] = placesOf(record, file.slice(1)).filter((place) => place > 0);
  if (behind === undefined) return { kind: "absent" };
  return { kind: another === undefined ? "found" : "ambiguous", line: behind, from: 1 };
}

const mostPlaces = 2;

/** Every line of the record from which both agree until one of them ends; at most two, as the second one decides. */
function placesOf(record: readonly number[], file: readonly number[]): readonly number[] {
  if (file.length === 0) return [];
  const places: number[] = [];
  const borders = bordersOf(file);
  let matched = 0;
  for (let index = 0; index < record.length; index++) {
    while (matched > 0 && (matched === file.length || file[matched] !== record[index]))
      matched = borders[matched - 1] as number;
    if (file[matched] === record[index]) matched++;
    if (matched === file.length && places.push(index - matched + 1) === mostPlaces) return places;
  }
  // What stands at the record's end may be the beginning of the file.
  let open = matched === file.length ? (borders[matched - 1] as number) : matched;
  for (; open > 0 && places.length < mostPlaces; open = borders[open - 1] as number)
    places.push(record.length - open);
  return places;
}

/** For each beginning of the list, the length of its longest proper end that is a beginning as well (Knuth, Morris, Pratt). */
function bordersOf(list: readonly number[]): readonly number[] {
  const borders = [0];
  for (let index = 1; index < list.length; index++) {
    let length = borders[index - 1] as number;
    while (length > 0 && list[length] !== list[index]) length = borders[length - 1] as number;
    borders.push(list[length] === list[index] ? length + 1 : 0);
  }
  return borders;
}
