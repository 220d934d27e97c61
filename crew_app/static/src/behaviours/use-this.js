/** data-use="id of a field" data-value="…" on a button: puts a suggested value into that field. */

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-use]")) : null;
  const field = button && document.getElementById(button.dataset.use ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  field.value = button?.dataset.value ?? "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
});
