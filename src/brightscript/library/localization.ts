/** roLocalization: texts by number, and the app's files by language. */
import { expose } from "../runtime/component.js";
import { stat } from "./file-operations.js";
import { locale } from "./locale.js";

export class RoLocalization {
  /** The first text for 0, the second for 1, the third for other numbers, with the number in place of each "^n" in it. */
  getPluralString(count: number, zero: string, one: string, plural: string): string {
    if (count === 0) return zero;
    return count === 1 ? one : plural.replaceAll("^n", String(count));
  }

  /** The path of a file in pkg:/locale/, of the environment's language if there is one, else default or en_US; "": there is none. */
  getLocalizedAsset(directory: string, file: string): string {
    const paths = [locale(), "default", "en_US"].map((each) => `pkg:/locale/${each}/${directory}/${file}`);
    return paths.find((path) => stat(path)?.isDirectory === false) ?? "";
  }
}

expose(RoLocalization, "roLocalization", {
  ifLocalization: [
    "getPluralString(count as Integer, zero as String, one as String, plural as String) as String",
    "getLocalizedAsset(directory as String, file as String) as String",
  ],
});
