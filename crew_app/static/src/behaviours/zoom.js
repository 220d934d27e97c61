/** Looking closer at a picture: buttons, wheel, two fingers; dragging moves it. */

const LARGEST = 8;
const STEP = 1.5;

/**
 * @param {HTMLElement} view what stays
 * @param {HTMLElement} content what is made larger within it
 */
export function zoomable(view, content) {
  const now = { scale: 1, x: 0, y: 0 };
  /** @type {Map<number, PointerEvent>} */
  const fingers = new Map();

  const draw = () => {
    const { width, height } = view.getBoundingClientRect();
    now.x = Math.min(0, Math.max(now.x, width * (1 - now.scale)));
    now.y = Math.min(0, Math.max(now.y, height * (1 - now.scale)));
    content.style.transform = `translate(${now.x}px, ${now.y}px) scale(${now.scale})`;
  };
  /** @param {number} factor @param {number} x @param {number} y the point that stays */
  const zoom = (factor, x, y) => {
    const scale = Math.min(LARGEST, Math.max(1, now.scale * factor));
    now.x = x - ((x - now.x) * scale) / now.scale;
    now.y = y - ((y - now.y) * scale) / now.scale;
    now.scale = scale;
    draw();
  };
  const middle = () => /** @type {const} */ ([view.clientWidth / 2, view.clientHeight / 2]);

  view.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.offsetX, event.offsetY);
  }, { passive: false });
  view.addEventListener("pointerdown", (event) => {
    view.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
  });
  view.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const { left, top } = view.getBoundingClientRect();
      zoom(distance(event, other) / (distance(before, other) || 1), (event.clientX + other.clientX) / 2 - left, (event.clientY + other.clientY) / 2 - top);
    }
    now.x += (event.clientX - before.clientX) / fingers.size;
    now.y += (event.clientY - before.clientY) / fingers.size;
    fingers.set(event.pointerId, event);
    draw();
  });
  for (const end of ["pointerup", "pointercancel"])
    view.addEventListener(end, (event) => fingers.delete(/** @type {PointerEvent} */ (event).pointerId));
  return { by: (/** @type {number} */ step) => zoom(STEP ** step, ...middle()) };
}

/** @param {PointerEvent} one @param {PointerEvent} other */
function distance(one, other) {
  return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
}
