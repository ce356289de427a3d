// A page that says how something goes: its figures are fetched anew every so many seconds while somebody looks at it.
const figures = document.querySelector("[data-live]");
const said = document.getElementById("live-said");
let failures = 0;

async function freshPage() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error", cache: "no-store" });
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { figures: page.getElementById(figures.id), said: page.getElementById(said.id) };
}

async function refresh() {
  if (document.hidden || figures.contains(document.activeElement)) return;
  try {
    const fresh = await freshPage();
    figures.replaceChildren(...fresh.figures.childNodes);
    // Only a line that changed is read aloud.
    if (said.textContent !== fresh.said.textContent) said.textContent = fresh.said.textContent;
    failures = 0;
  } catch {
    failures += 1;
    if (failures === 3) said.textContent = figures.dataset.lost;
  }
}

if (figures) {
  setInterval(refresh, Number(figures.dataset.live) * 1000);
  document.addEventListener("visibilitychange", refresh);
}
