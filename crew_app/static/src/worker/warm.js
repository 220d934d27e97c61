/** The pages that must open without a network, fetched once after sign-in and after each new version. */

import { setSetting, setting } from "../outbox/database.js";
import { whoami } from "../outbox/session.js";
import { keepHeavyAssets } from "./assets.js";
import { copyOf, trim } from "./copies.js";
import { renew } from "./pages.js";

const SHELLS = ["/offline", "/offline/tag", "/offline/ticket", "/scan", "/outbox", "/more"];
const LONG = 12 * 3_600_000;

/** @param {{token: string}} message token: whose pages, of which version, in which language */
export async function warm({ token }) {
  if (!(await whoami())) return;
  const last = await setting("warmed");
  if (last?.token === token && Date.now() - last.at < LONG && (await areHere())) return;
  const kept = [];
  for (const url of SHELLS) kept.push(await renew(new URL(url, location.origin).href));
  if (kept.every(Boolean)) await setSetting("warmed", { token, at: Date.now() });
  await trim();
  await keepHeavyAssets();
}

async function areHere() {
  const copies = await Promise.all(SHELLS.map((url) => copyOf(new URL(url, location.origin).href)));
  return copies.every(Boolean);
}
