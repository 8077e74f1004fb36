// Draws the diagrams, and reloads the page on events, keeping the reader's open sections and typed text.
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
globalThis.mermaid?.initialize({ startOnLoad: true, securityLevel: "strict", theme: dark ? "dark" : "default" });

const busy = () =>
  [...document.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== "");
new EventSource("/-/events").addEventListener("message", async () => {
  if (busy()) return;
  const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const open = new Set([...document.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent));
  for (const summary of fresh.querySelectorAll("details > summary")) {
    if (open.has(summary.textContent)) summary.parentElement.open = true;
  }
  document.querySelector("main").replaceWith(fresh.querySelector("main"));
  await globalThis.mermaid?.run();
});
