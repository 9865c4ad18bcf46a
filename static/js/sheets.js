// The pages of a paper, fetched after the page around them has been shown: drawing them takes a moment.
// Meanwhile the page says how many papers come before this one. When it fails, the link to them stays.

const PAUSE = 2000;
const pause = () => new Promise((done) => setTimeout(done, PAUSE));

async function found(place) {
  const answer = await fetch(place.dataset.sheets);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(".sheets, [data-none]");
}

async function sayHowManyAhead(place) {
  for (await pause(); place.isConnected && place.dataset.fetching; await pause()) {
    const answer = await fetch(place.dataset.ahead).catch(() => null);
    const said = answer?.ok ? (await answer.json()).message : place.dataset.waiting;
    // said aloud by a screen reader each time it is written: only when it changes
    if (place.dataset.fetching && place.textContent !== said) place.textContent = said;
  }
}

export async function loadSheets(place) {
  const link = place.innerHTML;
  place.textContent = place.dataset.waiting;
  place.dataset.fetching = "yes";
  sayHowManyAhead(place);
  try {
    let sheets = await found(place);
    while (sheets.dataset.again !== undefined) {
      await pause();
      sheets = await found(place);
    }
    place.replaceWith(document.importNode(sheets, true));
  } catch {
    delete place.dataset.fetching;
    place.innerHTML = link;
  }
}
