/**
 * roDeviceInfo: what can be said of a Linux machine. There is no screen, no remote control and no account: what only these
 * could answer is in the table `neutral`, with the answer of a device that has nothing to tell. No event ever comes.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { expose } from "../runtime/component.js";
import { RoArray } from "./array.js";
import { RoAssociativeArray } from "./associative-array.js";
import { EventSource, portInterfaces } from "./event-source.js";
import { identifier } from "./identity.js";
import { country, language, locale } from "./locale.js";
import * as machine from "./machine.js";
import { defineNeutral, neutralNames } from "./neutral.js";

const aa = RoAssociativeArray.of;

/** The Roku OS whose reference the library follows; programs ask for the version to know what they may call. */
const version = { major: "15", minor: "3", revision: "0", build: "0" };

/** A clock that was never set stands at 1970 or at the day when the system was built. */
const clockIsSetAfter = Date.UTC(2025, 0, 1);

const neutral: Readonly<Record<string, () => unknown>> = {
  "getOSVersion() as Object": () => aa(version),
  "getVersion() as String": () => "00F.30E00000A",
  "isRIDADisabled() as Boolean": () => true,
  "isAdIdTrackingDisabled() as Boolean": () => true,
  "isStoreDemoMode() as Boolean": () => false,
  "timeSinceLastKeypress() as Integer": () => Math.floor(process.uptime()),
  "getExternalIp() as String": () => "",
  "forceInternetStatusCheck() as Boolean": () => false,
  "getDrmInfo() as Object": () => aa({}),
  "getDrmInfoEx() as Object": () => aa({}),
  "getCaptionsMode() as String": () => "Off",
  "setCaptionsMode(mode as String) as Boolean": () => false,
  "getCaptionsOption(option as String) as String": () => "Default",
  "getDisplayType() as String": () => "HDTV",
  "getDisplayMode() as String": () => "1080p",
  "getDisplayAspectRatio() as String": () => "16x9",
  "getDisplaySize() as Object": () => aa({ w: 1920, h: 1080 }),
  "getDisplayProperties() as Object": () =>
    aa({
      width: 0,
      height: 0,
      internal: false,
      headless: false,
      hdr10: false,
      hdr10Plus: false,
      hdrSeamless: false,
      hlg: false,
      dolbyVision: false,
      visible: false,
    }),
  "getVideoMode() as String": () => "1080p",
  "getUIResolution() as Object": () => aa({ name: "FHD", width: 1920, height: 1080 }),
  "getSupportedGraphicsResolutions() as Object": () =>
    RoArray.of([aa({ name: "FHD", width: 1920, height: 1080, ui: true, preferred: true })]),
  "getGraphicsFeatures() as Object": () => aa({ full_rotation: false, astc_supported: false }),
  "getGraphicsPlatform() as String": () => "directfb",
  "getVideoDecodeInfo() as Object": () => aa({}),
  "canDecodeVideo(format as Object) as Object": () => aa({ result: false }),
  "canDecodeAudio(format as Object) as Object": () => aa({ result: false }),
  "getAudioDecodeInfo() as Object": () => aa({}),
  "getAudioOutputChannel() as String": () => "Stereo",
  "getSoundEffectsVolume() as Integer": () => 0,
  "isPassthruCodecActive() as Boolean": () => false,
  "isAudioGuideEnabled() as Dynamic": () => false,
  "isAutoplayEnabled() as Boolean": () => false,
  "isAutoAdjustRefreshRateEnabled() as Boolean": () => false,
  "enableAppFocusEvent(enable as Boolean) as Dynamic": () => false,
  "enableAudioGuideChangedEvent(enable as Boolean) as Dynamic": () => false,
  "enableCodecCapChangedEvent(enable as Boolean) as Void": () => undefined,
  "enableInternetStatusEvent(enable as Boolean) as Boolean": () => false,
  "enableLinkStatusEvent(enable as Boolean) as Boolean": () => false,
  "enableLowGeneralMemoryEvent(enable as Boolean) as Dynamic": () => false,
  "enableScreensaverExitedEvent(enable as Boolean) as Dynamic": () => false,
  "enableValidClockEvent(enable as Boolean) as Dynamic": () => false,
};

export class RoDeviceInfo extends EventSource {
  getModel(): string {
    return machine.model();
  }

  getModelDisplayName(): string {
    return machine.model();
  }

  getModelType(): string {
    return "STB";
  }

  getModelDetails(): RoAssociativeArray {
    const vendor = machine.vendor();
    const ModelNumber = machine.model();
    return aa({ VendorName: vendor, ModelNumber, VendorUSBName: "", ScreenSize: "", Manufacturer: vendor });
  }

  getFriendlyName(): string {
    return hostname();
  }

  /** Twelve zeros, as the reference has it. */
  getDeviceUniqueId(): string {
    return "000000000000";
  }

  /** A UUID that stays as long as the data directory does. */
  getChannelClientId(): string {
    return identifier("client");
  }

  getClientTrackingId(): string {
    return identifier("client");
  }

  getRIDA(): string {
    return identifier("advertising");
  }

  getAdvertisingId(): string {
    return identifier("advertising");
  }

  getRandomUUID(): string {
    return randomUUID();
  }

  /** A name of the tz database: "Europe/Berlin". */
  getTimeZone(): string {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  getCurrentLocale(): string {
    return locale();
  }

  getCountryCode(): string {
    return country();
  }

  getUserCountryCode(): string {
    return country();
  }

  getPreferredCaptionLanguage(): string {
    return language();
  }

  /** What is usual where the locale is from: "12h" or "24h". */
  getClockFormat(): string {
    const { hour12 } = new Intl.DateTimeFormat(locale().replace("_", "-"), {
      hour: "numeric",
    }).resolvedOptions();
    return hour12 ? "12h" : "24h";
  }

  isClockValid(): boolean {
    return Date.now() > clockIsSetAfter;
  }

  /** Milliseconds since the system started. */
  getUptimeMillisecondsAsLong(): bigint {
    return process.hrtime.bigint() / 1_000_000n;
  }

  hasFeature(feature: string): boolean {
    const name = feature.toLowerCase();
    if (name === "ethernet_hardware") return machine.hasEthernet();
    return name === "usb_hardware" && machine.hasUsb();
  }

  isHDMIConnected(): boolean {
    return machine.hasDisplay();
  }

  /** "normal"; "low" and "critical" when less than a tenth or a twentieth of the memory is left. */
  getGeneralMemoryLevel(): string {
    const left = machine.memoryLeft();
    return left < 0.05 ? "critical" : left < 0.1 ? "low" : "normal";
  }

  /** Whether there is a network besides loopback. */
  getLinkStatus(): boolean {
    return machine.networks().length > 0;
  }

  /** Whether there is a way out of the local network; whether it leads anywhere is not tried. */
  getInternetStatus(): boolean {
    return machine.networks().some(({ gateway }) => gateway !== "");
  }

  getConnectionType(): string {
    const [network] = machine.networks();
    if (network === undefined) return "";
    return network.isWireless ? "WiFiConnection" : "WiredConnection";
  }

  /** Empty when there is no connection. The MAC address is zeros, as the reference has it. */
  getConnectionInfo(): RoAssociativeArray {
    const [network] = machine.networks();
    if (network === undefined) return aa({});
    const { name, address, addresses6, gateway } = network;
    const info = aa({
      type: this.getConnectionType(),
      name,
      ip: address,
      ipv6: RoArray.of([...addresses6]),
      mac: "00:00:00:00:00:00",
      gateway,
      active: true,
      default: gateway !== "",
    });
    for (const [index, server] of machine.nameServers().entries()) info.set(`dns.${index}`, server);
    return info;
  }

  getIPAddrs(): RoAssociativeArray {
    return aa(Object.fromEntries(machine.networks().map(({ name, address }) => [name, address])));
  }
}

defineNeutral(RoDeviceInfo, neutral);

/** Methods whose answers say nothing about the machine. */
export const notTruthful = neutralNames("roDeviceInfo", neutral);

expose(RoDeviceInfo, "roDeviceInfo", {
  ifDeviceInfo: [
    "getModel() as String",
    "getModelDisplayName() as String",
    "getModelType() as String",
    "getModelDetails() as Object",
    "getFriendlyName() as String",
    "getDeviceUniqueId() as String",
    "getChannelClientId() as String",
    "getClientTrackingId() as String",
    "getRIDA() as String",
    "getAdvertisingId() as String",
    "getRandomUUID() as String",
    "getTimeZone() as String",
    "getCurrentLocale() as String",
    "getCountryCode() as String",
    "getUserCountryCode() as String",
    "getPreferredCaptionLanguage() as String",
    "getClockFormat() as String",
    "isClockValid() as Dynamic",
    "getUptimeMillisecondsAsLong() as LongInteger",
    "hasFeature(feature as String) as Boolean",
    "isHDMIConnected() as Boolean",
    "getGeneralMemoryLevel() as String",
    "getLinkStatus() as Boolean",
    "getInternetStatus() as Boolean",
    "getConnectionType() as String",
    "getConnectionInfo() as Object",
    "getIPAddrs() as Object",
    ...Object.keys(neutral),
  ],
  ...portInterfaces,
});
