/** Marks on a picture: arrows, circles and lines by hand, thick and red with a white rim, so that they show on anything. */

/** @typedef {{x: number, y: number}} Spot */
/** @typedef {"arrow" | "circle" | "line"} Tool */
/** @typedef {{tool: Tool, spots: Spot[]}} Stroke */

const RED = "#e01b24";
const WHITE = "#fff";
const THICK = 1 / 90;
const HEAD = 4.5;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {CanvasImageSource} picture
 * @param {Stroke[]} strokes
 */
export function paint(context, picture, strokes) {
  const { width, height } = context.canvas;
  context.drawImage(picture, 0, 0, width, height);
  context.lineCap = context.lineJoin = "round";
  const thick = Math.max(4, Math.max(width, height) * THICK);
  for (const stroke of strokes) {
    for (const [colour, factor] of /** @type {const} */ ([[WHITE, 1.9], [RED, 1]])) {
      context.strokeStyle = colour;
      context.lineWidth = thick * factor;
      context.stroke(pathOf(stroke, thick));
    }
  }
}

/** @param {Stroke} stroke @param {number} thick @returns {Path2D} */
function pathOf({ tool, spots }, thick) {
  const [from, to] = [spots[0], spots[spots.length - 1]];
  if (tool === "arrow") return arrow(from, to, thick * HEAD);
  if (tool === "circle") return circle(from, to);
  const path = new Path2D();
  path.moveTo(from.x, from.y);
  for (const { x, y } of spots) path.lineTo(x, y);
  return path;
}

/** Its point is where the finger is lifted. @param {Spot} from @param {Spot} to @param {number} head */
function arrow(from, to, head) {
  const path = new Path2D();
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  path.moveTo(from.x, from.y);
  path.lineTo(to.x, to.y);
  for (const side of [-1, 1]) {
    const back = angle + Math.PI + side * 0.5;
    path.moveTo(to.x, to.y);
    path.lineTo(to.x + head * Math.cos(back), to.y + head * Math.sin(back));
  }
  return path;
}

/** Between two corners. @param {Spot} from @param {Spot} to */
function circle(from, to) {
  const path = new Path2D();
  const [rx, ry] = [Math.abs(to.x - from.x) / 2, Math.abs(to.y - from.y) / 2];
  path.ellipse((from.x + to.x) / 2, (from.y + to.y) / 2, Math.max(rx, 1), Math.max(ry, 1), 0, 0, 2 * Math.PI);
  return path;
}
