// The shape of a sound behind its time line.
const APART = 4; // pixels from one bar to the next
const LEAST = 2; // pixels high, where it is silent

/** Each bar's share of the loudest, 0 to 1. `data` has a lowest and a highest value a point. */
function bars(data, count) {
  const points = data.length / 2;
  const loud = Array.from({ length: count }, (_, bar) => {
    let most = 0;
    const end = Math.ceil(((bar + 1) * points) / count);
    for (let point = Math.floor((bar * points) / count); point < end; point++) {
      most = Math.max(most, -data[2 * point], data[2 * point + 1]);
    }
    return most;
  });
  const loudest = Math.max(...loud, 1);
  return loud.map((each) => each / loudest);
}

/**
 * Draws what `address` holds (audiowaveform's JSON, version 2); nothing where it does not come.
 * @param {HTMLElement} box the [data-wave] element, with an SVG of two paths in it
 * @param {string} address
 * @param {HTMLMediaElement} media
 */
export async function drawWave(box, address, media) {
  let data;
  try {
    const answer = await fetch(address);
    ({ data } = await answer.json());
  } catch {
    return;
  }
  if (!data?.length) return;
  const svg = box.querySelector("svg");
  const [all, heard] = svg.querySelectorAll("path");
  let lines = [];

  function hear() {
    const share = media.duration ? media.currentTime / media.duration : 0;
    heard.setAttribute("d", lines.slice(0, Math.round(share * lines.length)).join(""));
  }

  function draw() {
    const { clientWidth: width, clientHeight: height } = box;
    const count = Math.floor(width / APART);
    if (!count) return;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    lines = bars(data, count).map((share, bar) => {
      const tall = Math.max(LEAST, share * (height - LEAST));
      const x = ((bar + 0.5) * width) / count;
      return `M${x.toFixed(1)} ${((height - tall) / 2).toFixed(1)}v${tall.toFixed(1)}`;
    });
    all.setAttribute("d", lines.join(""));
    hear();
  }

  box.hidden = false;
  box.parentElement.classList.add("time-line-wave");
  new ResizeObserver(draw).observe(box);
  for (const happened of ["timeupdate", "seeking", "durationchange"]) {
    media.addEventListener(happened, hear);
  }
}
