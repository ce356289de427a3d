// A file too large, or too many, is told before it travels: nothing that was typed is at risk.
for (const field of document.querySelectorAll("input[type=file][data-limit]")) {
  field.addEventListener("change", () => {
    const { limit, most, tooLarge, tooMany } = field.dataset;
    const heavy = [...field.files].find((file) => file.size > Number(limit));
    const sentence = heavy ? tooLarge.replace("{name}", heavy.name) : field.files.length > Number(most) ? tooMany : "";
    field.setCustomValidity(sentence);
    if (sentence) field.reportValidity();
  });
  // The form is sent without the browser's own checks (novalidate); this one alone stops it.
  field.form.addEventListener("submit", (event) => {
    if (field.checkValidity()) return;
    event.preventDefault();
    event.stopPropagation();
    field.reportValidity();
  });
}
