// Makes the frame as tall as the mail in it. The mail itself runs no script.
const frame = document.getElementById("mail");
function fit() {
  const page = frame.contentDocument && frame.contentDocument.documentElement;
  if (page && page.scrollHeight) frame.style.height = page.scrollHeight + 4 + "px";
}
if (frame) {
  frame.addEventListener("load", fit);
  addEventListener("resize", fit);
  fit();
}
