/** The language and country that the environment asks for, by the rules of POSIX. */

/** "de_DE". */
export function locale(): string {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const [, language, country] = /^([a-z]{2})_([A-Z]{2})/.exec(LC_ALL || LC_MESSAGES || LANG || "") ?? [];
  return language === undefined ? "en_US" : `${language}_${country}`;
}

/** "de" */
export const language = (): string => locale().slice(0, 2);

/** "DE" */
export const country = (): string => locale().slice(3);
