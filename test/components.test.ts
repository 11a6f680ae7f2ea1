import { join } from "node:path";
import { together } from "./support/together.js";

together(join(__dirname, "components"));
