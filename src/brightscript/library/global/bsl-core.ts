/** What `Library "v30/bslCore.brs"` declares. It is there without that line too. */
import { globals } from "../../runtime/component.js";
import { RoAssociativeArray } from "../associative-array.js";

/** The run-time errors, then the compiler's. */
const errorCodes = {
  ERR_OKAY: 0xff,
  ERR_INTERNAL: 0xfe,
  ERR_UNDEFINED_OPCD: 0xfd,
  ERR_NORMAL_END: 0xfc,
  ERR_UNDEFINED_OP: 0xfb,
  ERR_MISSING_PARN: 0xfa,
  ERR_STACK_UNDER: 0xf9,
  ERR_BREAK: 0xf8,
  ERR_STOP: 0xf7,
  ERR_RO0: 0xf6,
  ERR_RO1: 0xf5,
  ERR_RO2: 0xf4,
  ERR_RO3: 0xf3,
  ERR_TOO_MANY_PARAM: 0xf2,
  ERR_WRONG_NUM_PARAM: 0xf1,
  ERR_RVIG: 0xf0,
  ERR_NOTPRINTABLE: 0xef,
  ERR_NOTWAITABLE: 0xee,
  ERR_MUST_BE_STATIC: 0xed,
  ERR_RO4: 0xec,
  ERR_NOTYPEOP: 0xeb,
  ERR_USE_OF_UNINIT_VAR: 0xe9,
  ERR_TM2: 0xe8,
  ERR_ARRAYNOTDIMMED: 0xe7,
  ERR_USE_OF_UNINIT_BRSUBREF: 0xe6,
  ERR_MUST_HAVE_RETURN: 0xe5,
  ERR_INVALID_LVALUE: 0xe4,
  ERR_INVALID_NUM_ARRAY_IDX: 0xe3,
  ERR_VALUE_RETURN: 0xe2,
  ERR_UNICODE_NOT_SUPPORTED: 0xe1,
  ERR_NOTFUNOPABLE: 0xe0,
  ERR_STACK_OVERFLOW: 0xdf,
  ERR_NF: 0x00,
  ERR_SYNTAX: 0x02,
  ERR_RG: 0x04,
  ERR_OD: 0x06,
  ERR_FC: 0x08,
  ERR_OUTOFMEM: 0x0c,
  ERR_MISSING_LN: 0x0e,
  ERR_BS: 0x10,
  ERR_DD: 0x12,
  ERR_DIV_ZERO: 0x14,
  ERR_TM: 0x18,
  ERR_OS: 0x1a,
  ERR_STRINGTOLONG: 0x1c,
  ERR_BITSHIFT_BAD: 0x1e,
  ERR_CN: 0x20,
  ERR_EXECUTION_TIMEOUT: 0x23,
  ERR_BAD_THROW: 0x26,
  ERR_USER: 0x28,

  ERR_NW: 0xbf,
  ERR_MISSING_ENDWHILE: 0xbe,
  ERR_MISSING_ENDIF: 0xbc,
  ERR_NOLN: 0xbb,
  ERR_LNSEQ: 0xba,
  ERR_LOADFILE: 0xb9,
  ERR_NOMATCH: 0xb8,
  ERR_UNEXPECTED_EOF: 0xb7,
  ERR_FOR_NEXT_MISMATCH: 0xb6,
  ERR_NO_BLOCK_END: 0xb5,
  ERR_LABELTWICE: 0xb4,
  ERR_UNTERMED_STRING: 0xb3,
  ERR_FUN_NOT_EXPECTED: 0xb2,
  ERR_TOO_MANY_CONST: 0xb1,
  ERR_TOO_MANY_VAR: 0xb0,
  ERR_EXIT_WHILE_NOT_IN_WHILE: 0xaf,
  ERR_INTERNAL_LIMIT_EXCEDED: 0xae,
  ERR_SUB_DEFINED_TWICE: 0xad,
  ERR_NOMAIN: 0xac,
  ERR_FOREACH_INDEX_TM: 0xab,
  ERR_RET_CANNOT_HAVE_VALUE: 0xaa,
  ERR_RET_MUST_HAVE_VALUE: 0xa9,
  ERR_FUN_MUST_HAVE_RET_TYPE: 0xa8,
  ERR_INVALID_TYPE: 0xa7,
  ERR_NOLONGER: 0xa6,
  ERR_EXIT_FOR_NOT_IN_FOR: 0xa5,
  ERR_MISSING_INITILIZER: 0xa4,
  ERR_IF_TOO_LARGE: 0xa3,
  ERR_RO_NOT_FOUND: 0xa2,
  ERR_TOO_MANY_LABELS: 0xa1,
  ERR_VAR_CANNOT_BE_SUBNAME: 0xa0,
  ERR_INVALID_CONST_NAME: 0x9f,
  ERR_CONST_FOLDING: 0x9e,
  ERR_BUILTIN_FUNCTION: 0x9d,
} as const;

/** What a key of the remote control gives when it is pressed; 100 more when it is released. */
const buttons = {
  BACK: 0,
  UP: 2,
  DOWN: 3,
  LEFT: 4,
  RIGHT: 5,
  SELECT: 6,
  INSTANT_REPLAY: 7,
  REWIND: 8,
  FAST_FORWARD: 9,
  INFO: 10,
  PLAY: 13,
  ENTER: 15,
  A: 17,
  B: 18,
  PLAY_ONLY: 22,
  STOP: 23,
} as const;

function buttonCodes(): RoAssociativeArray {
  const codes = new RoAssociativeArray();
  for (const [name, code] of Object.entries(buttons)) {
    codes.set(`BUTTON_${name}_PRESSED`, code);
    codes.set(`BUTTON_${name}_RELEASED`, code + 100);
  }
  return codes;
}

export const bslCore = globals({
  "AsciiToHex(text as String) as String": (text: string) =>
    Buffer.from(text, "latin1").toString("hex").toUpperCase(),
  "bslBrightScriptErrorCodes() as Object": () => RoAssociativeArray.of(errorCodes),
  "bslGeneralConstants() as Object": () =>
    RoAssociativeArray.of({ MAX_INT: 2 ** 31 - 1, MIN_INT: -(2 ** 31) }),
  "bslUniversalControlEventCodes() as Object": buttonCodes,
  "HexToAscii(hex as String) as String": (hex: string) => Buffer.from(hex, "hex").toString("latin1"),
  "HexToInteger(hex as String) as Integer": (hex: string) => Number.parseInt(hex, 16) | 0,
});
