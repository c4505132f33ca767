// Shows how far a piece of background work is, without moving the reader's focus; the whole page comes anew when it is done.
const EVERY = 3000;

export function renew(progress) {
  if (!progress) return;
  setTimeout(async () => {
    const newest = await told(progress);
    if (newest === "done") window.location.reload();
    else renew(newest);
  }, EVERY);
}

async function told(progress) {
  const response = await fetch(window.location.href, { credentials: "same-origin" }).catch(() => null);
  if (!response?.ok) return progress; // the server may be restarting: ask again later
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const newest = page.querySelector("[data-renew]");
  if (!newest) return "done";
  if (newest.innerHTML !== progress.innerHTML) progress.replaceChildren(...newest.childNodes);
  return progress;
}
