// The page of the development mailbox. Text reaches the page by textContent only, never as markup.
"use strict";

const POLL_MILLISECONDS = 2000;
const SHOWN_AS_DONE_MILLISECONDS = 1200;

const $ = (id) => document.getElementById(id);
const sheet = (id) => $(id).content.cloneNode(true);

let letters = [];
let tag = "";

async function poll() {
  try {
    const answer = await fetch("/messages.json", { headers: { "If-None-Match": tag } });
    if (answer.status === 200) {
      tag = answer.headers.get("ETag") ?? "";
      letters = await answer.json();
      show();
    }
    $("state").classList.remove("lost");
    $("state").textContent = `${letters.length} letter${letters.length === 1 ? "" : "s"} · ${letters.length} 通`;
  } catch {
    $("state").classList.add("lost");
    $("state").textContent = "The mailbox does not answer · 応答がありません";
  }
  setTimeout(poll, POLL_MILLISECONDS);
}

function show() {
  showList();
  showLetter();
}

function showList() {
  const wanted = $("search").value.trim().toLowerCase();
  const found = letters.filter((letter) => letter.to.some((to) => to.toLowerCase().includes(wanted)));
  $("letters").replaceChildren(...found.map(row));
  $("none").hidden = found.length > 0;
  $("none").textContent = letters.length
    ? "Nothing for this recipient. この宛先のメールはありません。"
    : "No letters yet. まだメールはありません。";
}

function row(letter) {
  const line = sheet("row");
  const link = line.querySelector("a");
  link.href = `#${letter.id}`;
  if (letter.id === chosen()) link.setAttribute("aria-current", "true");
  line.querySelector(".to").textContent = letter.to.join(", ");
  line.querySelector(".subject").textContent = letter.subject || "(no subject 件名なし)";
  const time = line.querySelector("time");
  time.dateTime = letter.receivedAt;
  time.textContent = clockTime(letter.receivedAt);
  return line;
}

let shown = 0;

function showLetter() {
  const letter = letters.find((each) => each.id === chosen());
  document.body.classList.toggle("reading", letter !== undefined);
  // A letter never changes; drawing it again would lose what the reader has marked in it.
  if ((letter?.id ?? 0) === shown) return;
  shown = letter?.id ?? 0;
  if (!letter) {
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent = "Choose a letter. メールを選んでください。";
    $("letter").replaceChildren(hint);
    return;
  }
  const paper = sheet("sheet");
  paper.querySelector("h2").textContent = letter.subject || "(no subject 件名なし)";
  paper.querySelector(".sender").textContent = letter.sender;
  paper.querySelector(".to").textContent = letter.to.join(", ");
  paper.querySelector(".received").textContent = `${day(letter.receivedAt)} ${clockTime(letter.receivedAt)}`;
  paper.querySelector(".copies").append(
    ...letter.codes.map((code) => copyLine("Code コード", code, "code")),
    ...letter.links.map((link) => copyLine("Link リンク", link, "link")),
  );
  paper.querySelector(".text").append(...withLinks(letter.text, letter.links));
  $("letter").replaceChildren(paper);
  $("letter").scrollTop = 0;
}

function copyLine(kind, value, look) {
  const line = sheet("copy");
  line.querySelector(".kind").textContent = kind;
  const cell = line.querySelector(".value");
  cell.classList.add(look);
  cell.append(look === "link" ? anchor(value) : value);
  const button = line.querySelector("button");
  button.addEventListener("click", () => copy(value, cell, button));
  return line;
}

async function copy(value, cell, button) {
  try {
    await navigator.clipboard.writeText(value);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), SHOWN_AS_DONE_MILLISECONDS);
  } catch {
    // Browsers keep the clipboard from pages that come over plain HTTP from another machine.
    getSelection().selectAllChildren(cell);
  }
}

function withLinks(text, links) {
  const parts = [];
  let rest = text;
  while (rest) {
    const next = links
      .map((link) => ({ link, at: rest.indexOf(link) }))
      .filter(({ at }) => at >= 0)
      .sort((one, other) => one.at - other.at || other.link.length - one.link.length)[0];
    if (!next) return [...parts, rest];
    parts.push(rest.slice(0, next.at), anchor(next.link));
    rest = rest.slice(next.at + next.link.length);
  }
  return parts;
}

function anchor(address) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

// The times as the mailbox wrote them: its clock may be a simulated one, and its zone is Tokyo's.
const day = (moment) => moment.slice(0, 10);
const clockTime = (moment) => moment.slice(11, 16);
const chosen = () => Number(location.hash.slice(1));

addEventListener("hashchange", show);
$("search").addEventListener("input", showList);
$("empty").addEventListener("click", async () => {
  await fetch("/messages", { method: "DELETE" });
  letters = [];
  show();
});
poll();
