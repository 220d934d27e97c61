/** Felt and heard at a hit, where the phone can; browsers keep quiet until the page was touched once. */

/** @type {AudioContext | undefined} */
let audio;

addEventListener("pointerdown", () => audio?.resume());

export function signalHit() {
  signal([70], 880, 0.09);
}

export function signalOdd() {
  signal([50, 70, 50], 330, 0.22);
}

/** @param {number[]} pattern @param {number} pitch @param {number} seconds */
function signal(pattern, pitch, seconds) {
  if (navigator.userActivation?.hasBeenActive === false) return;
  navigator.vibrate?.(pattern);
  if (typeof AudioContext === "function") tone(pitch, seconds);
}

/** @param {number} pitch @param {number} seconds */
function tone(pitch, seconds) {
  audio ??= new AudioContext();
  const source = new OscillatorNode(audio, { frequency: pitch });
  const volume = new GainNode(audio, { gain: 0.15 });
  volume.gain.setTargetAtTime(0, audio.currentTime + seconds, 0.015); // cut off at once it would crack
  source.connect(volume).connect(audio.destination);
  source.start();
  source.stop(audio.currentTime + seconds + 0.1);
}
