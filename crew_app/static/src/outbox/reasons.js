/** Why something was refused, in words. */

import { hasWord, word } from "../words.js";

/** @param {import("./store.js").Refusal} refusal */
export function reasonOf({ status, code, reason }) {
  if (reason) return reason;
  const key = `refused_${code.replaceAll("-", "_")}`;
  return hasWord(key) ? word(key) : word("refused_unknown", { status });
}
