// The keyboard is the wizard's at once: textual-serve's own script waits for a click.
const keyboard = () => document.querySelector(".xterm-helper-textarea");
new MutationObserver((_changes, observer) => {
  if (keyboard()) {
    observer.disconnect();
    keyboard().focus();
  }
}).observe(document, { childList: true, subtree: true });
window.addEventListener("focus", () => keyboard()?.focus());
