/**
 * What stands between two words where no blank does: an escape of JSON, of a shell or of a language, escaped once or more
 * often, the end of a colour, a percent code. Its letter is no part of the word that follows.
 */
export const escape = String.raw`(?:\\{1,7}(?:[nrtbfv0ae]|u00[0-2]\w|x[0-2]\w)|%[0-7]\w|\[[\d;]{0,9}[mK])`;
