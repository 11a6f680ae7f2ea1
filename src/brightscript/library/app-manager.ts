/** roAppManager: how long the app has been running. What it tells the system about the app interests nobody here. */
import { expose } from "../runtime/component.js";
import { defineNeutral, neutralNames } from "./neutral.js";
import { RoTimespan } from "./timespan.js";

const nothing = (): void => {};

const neutral: Readonly<Record<string, () => unknown>> = {
  "getScreensaverTimeout() as Integer": () => 0,
  "isAppInstalled(channelID as String, version as String) as Boolean": () => false,
  "setUserSignedIn(signedIn as Boolean) as Void": nothing,
  "setAutomaticAudioGuideEnabled(enabled as Boolean) as Void": nothing,
  "setNowPlayingContentMetaData(metadata as Object) as Void": nothing,
  "startVoiceActionSelectionRequest() as Void": nothing,
  "setVoiceActionStrings(actions as Object) as Void": nothing,
  "getLastExitInfo() as Object": () => null,
  "updateLastKeyPressTime() as Void": nothing,
};

export class RoAppManager {
  /** A roTimespan, marked when the app was started. */
  getUptime(): RoTimespan {
    return RoTimespan.since(0);
  }
}

defineNeutral(RoAppManager, neutral);

/** Methods whose answers say nothing about the machine. */
export const notTruthful = neutralNames("roAppManager", neutral);

expose(RoAppManager, "roAppManager", {
  ifAppManager: ["getUptime() as Object", ...Object.keys(neutral)],
});
