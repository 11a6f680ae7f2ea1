/** roUserInfo and roProfile: there are no accounts here, so the profile is that of a device without Kid & Teen Mode. */
import { expose } from "../runtime/component.js";

export class RoProfile {
  getProfileType(): string {
    return "none";
  }
}

export class RoUserInfo {
  getCurrentProfile(): RoProfile {
    return new RoProfile();
  }
}

expose(RoProfile, "roProfile", { ifProfile: ["getProfileType() as String"] });
expose(RoUserInfo, "roUserInfo", { ifUserInfo: ["getCurrentProfile() as Object"] });
