/** The camera inside the application, drawing on pictures, and how many photos a job still needs. */

import "./camera/count.js";

export { mark } from "./camera/mark.js";
export { shoot } from "./camera/shoot.js";
