/** Keys that work wherever one is on the page. */
export function listen(chat) {
  document.addEventListener("keydown", (event) => {
    if (chat.link.state === "out" || event.defaultPrevented) return;
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (altKey && !ctrlKey && (key === "ArrowUp" || key === "ArrowDown")) chat.step(key === "ArrowUp" ? -1 : 1, shiftKey);
    else if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === "k") chat.toggle("search");
    else if (key === "Escape" && !document.querySelector("dialog")) chat.back();
    else return;
    event.preventDefault();
  });
}
