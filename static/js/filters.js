// A choice made is a list asked for: the form is sent when a select, a tick or a day changes. Text waits for Enter.
for (const form of document.querySelectorAll("form[data-filters]")) {
  form.addEventListener("change", (event) => {
    if (event.target.type === "search") return;
    // Several ticks are often wanted at once: inside an open sheet the button sends them.
    if (event.target.closest(".sheet")) return;
    form.requestSubmit();
  });
  // Empty fields would only lengthen the address that people share.
  form.addEventListener("submit", () => {
    for (const field of form.querySelectorAll("select, input")) if (!field.value) field.disabled = true;
  });
  window.addEventListener("pageshow", () => {
    for (const field of form.querySelectorAll(":disabled")) field.disabled = false;
  });
}
