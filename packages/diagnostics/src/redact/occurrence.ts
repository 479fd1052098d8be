/** Whether a word stands in the text that it was made for. */
export type Has = (word: string) => boolean;

/** Below this a search for each word is as fast. */
const shortText = 4096;
const mask = 0x7fff;

/**
 * Dozens of words are asked for of each text, nearly all of them in vain, and a search through the whole of it takes its time for each.
 * One pass notes which three characters follow each other, in 15 bits: whoever has a stretch that was not noted stands nowhere.
 */
export function occurrence(text: string): Has {
  if (text.length < shortText) return (word) => text.includes(word);
  const noted = new Uint8Array(mask + 1);
  let key = 0;
  for (let at = 0; at < text.length; at += 1) {
    key = ((key << 5) ^ text.charCodeAt(at)) & mask;
    noted[key] = 1;
  }
  return (word) => isNoted(word, noted) && text.includes(word);
}

function isNoted(word: string, noted: Uint8Array): boolean {
  let key = 0;
  for (let at = 0; at < word.length; at += 1) {
    key = ((key << 5) ^ word.charCodeAt(at)) & mask;
    if (at > 1 && noted[key] === 0) return false;
  }
  return true;
}
