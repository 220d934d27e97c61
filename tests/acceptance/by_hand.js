/**
 * One thing a person does on the page that is open, through the page's own form. As soon as the page says that it is
 * saved, "saved <number>" goes to the console.
 * @param {{what: string, words: string, number: number, photo: string, item: string, chance: number}} order
 * @returns {{ticket: string, move: string} | null} null: not possible here now
 */
async (order) => {
  const SELECTORS = {
    open: "form#report",
    accept: "form[action$='/acceptance']",
    note: "form[action$='/notes']",
    photo: "form[action$='/photos']:has([name=role][value=after])",
    material: "form[action$='/materials']",
    hold: "form[action$='/hold']",
    resume: "form[action$='/resumption']",
    finish: "form[action$='/completion']",
  };
  const form = document.querySelector(SELECTORS[order.what]);
  const folds = form && form.closest("[data-when]");
  if (!form || form.hidden || folds?.hidden || form.inert) return null;
  // A person looks first: until the page has caught up with what waits on this phone, and knows its place.
  if (document.querySelector("#ticket:not([data-overlaid])") || form.elements.namedItem("place_id")?.value === "") return null;
  // Nobody knows how this job stands; whether a change of state is possible, only the server can say.
  const unknown = document.querySelector("[data-shell-unknown]:not([hidden])");
  if (unknown && !["note", "photo", "material"].includes(order.what)) return null;

  const field = (name) => form.elements.namedItem(name);
  const say = () => console.info(`saved ${order.number}`);
  const saved = JSON.parse(document.getElementById("crew-words").textContent).saved;

  function whenSaid(button) {
    const seen = new MutationObserver(() => {
      if (button.textContent.trim() !== saved) return;
      seen.disconnect();
      say();
    });
    seen.observe(button, { childList: true, characterData: true, subtree: true });
  }

  /** A photo is sent without a touch; it is saved when it stands in the page. */
  function whenShown() {
    const count = () =>
      document.querySelectorAll("[data-waiting-photos='role=after'] img, .photo-side img[src*='/photos/']").length;
    const before = count();
    const seen = new MutationObserver(() => {
      if (count() <= before) return;
      seen.disconnect();
      say();
    });
    seen.observe(document.body, { childList: true, subtree: true, attributes: true });
  }

  function choosePhoto() {
    const bytes = Uint8Array.from(atob(order.photo), (letter) => letter.charCodeAt(0));
    const input = form.querySelector("input[type=file]");
    const chosen = new DataTransfer();
    chosen.items.add(new File([bytes], `${order.number}.jpg`, { type: "image/jpeg" }));
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function fill() {
    if (order.what === "open") {
      const kinds = [...form.querySelectorAll("[name=job_kind]")];
      kinds[order.chance % kinds.length].checked = true;
      field("description").value = order.words;
      if (order.photo) choosePhoto();
    } else if (order.what === "material") {
      field("item_id").value = order.item;
      field("quantity").value = order.number / 1000;
    } else if (field("note")) field("note").value = order.words;
    if (order.what === "hold") form.querySelector("[name=reason]").checked = true;
  }

  /** Whether the item could be chosen: the phone may not know its items yet. */
  async function choose() {
    const picker = form.querySelector("[data-item-picker]");
    form.dispatchEvent(new CustomEvent("form-filled", { bubbles: true }));
    for (let tries = 0; tries < 100 && picker.dataset.chosen !== order.item; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return picker.dataset.chosen === order.item;
  }

  if (order.what === "photo") {
    whenShown();
    choosePhoto();
  } else {
    fill();
    if (order.what === "material" && !(await choose())) return null;
    const button = [...form.elements].filter((one) => one instanceof HTMLButtonElement && one.type === "submit").at(-1);
    whenSaid(button);
    button.click();
  }
  const ticket = field("ticket_id")?.value ?? form.dataset.subject ?? "";
  return { ticket, move: field("move_id")?.value ?? "" };
};
