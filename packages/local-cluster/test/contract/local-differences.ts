/** Where the local cluster is known to differ from the real one: the behaviour's name, and what is missing. */
export const LOCAL_DIFFERENCES: Readonly<Record<string, string>> = {};
