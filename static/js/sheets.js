// The pages of a paper, fetched after the page around them has been shown: drawing them takes a moment.
// When that fails, the link to them stays.

export async function loadSheets(place) {
  const link = place.innerHTML;
  place.textContent = place.dataset.waiting;
  try {
    const answer = await fetch(place.dataset.sheets);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceWith(document.importNode(page.querySelector(".sheets, [data-none]"), true));
  } catch {
    place.innerHTML = link;
  }
}
