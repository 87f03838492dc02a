// "Watch this page in BSL": the player comes when that is opened, and nothing of it before.
const folded = document.querySelector("details[data-signed]");
const film = folded.querySelector("video");

folded.addEventListener("toggle", () => {
  if (!folded.open) return film.pause();
  // Captions that are on from the start would have been fetched with the page.
  if (!customElements.get("media-controller")) for (const track of film.textTracks) track.mode = "showing";
  // A script that is there already is not run again.
  import(folded.dataset.signed);
});
