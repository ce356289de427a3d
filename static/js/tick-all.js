// "Tick all" is a link to the page with every box ticked; with scripts the boxes here are ticked and the page stays.
for (const link of document.querySelectorAll("a[data-tick]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    for (const box of document.querySelectorAll("input[type=checkbox][name=report]")) box.checked = link.dataset.tick === "all";
  });
}
