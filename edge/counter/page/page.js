"use strict";

const BACK_AFTER_MS = 3000;
const VIETNAMESE_AFTER_MS = 30000;
const LOOK_EVERY_MS = 5000;
const TRIES = 3;

const faces = document.getElementById("faces");
const language = document.getElementById("language");
const away = document.getElementById("away");
let languageTimer = 0;

function speak(code) {
  document.documentElement.lang = code;
  for (const each of document.querySelectorAll("[data-vi]")) each.textContent = each.dataset[code];
  language.textContent = code === "vi" ? "English" : "Tiếng Việt";
  language.lang = code === "vi" ? "en" : "vi";
  clearTimeout(languageTimer);
  if (code !== "vi") languageTimer = setTimeout(speak, VIETNAMESE_AFTER_MS, "vi");
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function ask(path, options, patienceMs) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), patienceMs);
  try {
    return await fetch(path, { ...options, signal: control.signal, cache: "no-store" });
  } finally {
    clearTimeout(timer);
  }
}

// The same key each time: however often it arrives, it is one press.
async function press(level) {
  const body = JSON.stringify({ level, key: newKey() });
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries) await pause(400);
    try {
      const answer = await ask("/press", options, 4000);
      if (answer.ok) return true;
      if (answer.status !== 503) return false;
    } catch {
      // not reached: try again
    }
  }
  return false;
}

async function chosen(face) {
  if (faces.classList.contains("busy")) return;
  faces.classList.add("busy");
  face.classList.add("chosen");
  const isKept = await press(Number(face.dataset.level));
  const sheet = document.getElementById(isKept ? "thanks" : "sorry");
  document.getElementById("chosen").textContent = face.querySelector("span").textContent;
  sheet.hidden = false;
  await pause(BACK_AFTER_MS);
  sheet.hidden = true;
  face.classList.remove("chosen");
  faces.classList.remove("busy");
  face.blur();
  if (document.documentElement.lang !== "vi") speak(document.documentElement.lang);
}

async function look() {
  let isThere = false;
  try {
    isThere = (await ask("/alive", {}, 3000)).ok;
  } catch {
    // shown below
  }
  if (isThere && !away.hidden) location.reload();
  away.hidden = isThere;
  setTimeout(look, LOOK_EVERY_MS);
}

faces.addEventListener("click", (event) => {
  const face = event.target.closest(".face");
  if (face) chosen(face);
});
language.addEventListener("click", () => speak(document.documentElement.lang === "vi" ? "en" : "vi"));
document.addEventListener("contextmenu", (event) => event.preventDefault());
look();
