// "Tick all" leads to the page with every box ticked; with scripts the boxes of its form are ticked and the page stays.
for (const link of document.querySelectorAll("[data-tick]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    for (const box of document.getElementById(link.dataset.form).elements)
      if (box.type === "checkbox") box.checked = link.dataset.tick === "all";
  });
}
