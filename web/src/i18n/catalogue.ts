/** The texts of one language: each file of its folder is a namespace of its name. */
export interface Texts {
  [key: string]: string | Texts;
}

/** A catalogue of files by their paths, such as './keys.json'. */
export function catalogue(files: Record<string, Texts>): Record<string, Texts> {
  return Object.fromEntries(
    Object.entries(files).map(([path, texts]) => [path.slice('./'.length, -'.json'.length), texts]),
  );
}
