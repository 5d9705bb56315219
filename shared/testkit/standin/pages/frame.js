// Makes the frame as tall as the mail in it. The mail itself runs no script.
const frame = document.getElementById("mail");
function fit() {
  const page = frame.contentDocument && frame.contentDocument.documentElement;
  if (!page) return;
  frame.style.height = "8rem"; // a page is never less tall than its frame, so shrink first
  frame.style.height = page.scrollHeight + 4 + "px";
}
if (frame) {
  frame.addEventListener("load", fit);
  addEventListener("resize", fit);
  fit();
}
