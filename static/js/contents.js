// While one reads, the table of contents shows where: the last heading that has passed the upper third of the window.
const links = [...document.querySelectorAll(".toc a[href*='#']")];
const places = links
  .map((link) => ({ link, clause: document.getElementById(decodeURIComponent(link.hash.slice(1))) }))
  .filter((place) => place.clause);
let waiting = false;

function markPlace() {
  waiting = false;
  const line = window.innerHeight / 3;
  const passed = places.filter((place) => place.clause.getBoundingClientRect().top <= line);
  const here = passed.at(-1) ?? places[0];
  for (const { link } of places) {
    if (link === here.link) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

if (places.length) {
  markPlace();
  window.addEventListener("scroll", () => {
    if (!waiting) requestAnimationFrame(markPlace);
    waiting = true;
  }, { passive: true });
}
