/** roAppInfo: what the manifest says of the app. */
import { program } from "../app/program.js";
import { expose } from "../runtime/component.js";

const value = (key: string): string => program().manifest.get(key.toLowerCase()) ?? "";

/** The developer who signed the app: nobody did. A device without a key says this. */
export const developerId = "34c6fceca75e456f25e7e99531e2425c6c1de443";

export class RoAppInfo {
  /** "dev", as of an app that came from no store. */
  getID(): string {
    return "dev";
  }

  isDev(): boolean {
    return true;
  }

  /** "1.2.3": major_version, minor_version and build_version. */
  getVersion(): string {
    return ["major_version", "minor_version", "build_version"].map(value).join(".");
  }

  /** Without a title, the name of the file or directory that was started. */
  getTitle(): string {
    return value("title") || program().name;
  }

  getDevID(): string {
    return developerId;
  }

  /** A value of the manifest; "" when there is none. */
  getValue(key: string): string {
    return value(key);
  }
}

export const notTruthful: readonly string[] = ["roAppInfo.getDevID"];

expose(RoAppInfo, "roAppInfo", {
  ifAppInfo: [
    "getID() as String",
    "isDev() as Boolean",
    "getVersion() as String",
    "getTitle() as String",
    "getDevID() as String",
    "getValue(key as String) as String",
  ],
});
