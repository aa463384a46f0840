// The person's menu closes as menus do: by Escape, or by pressing elsewhere.
export function startMenus() {
  const open = () => document.querySelectorAll('details[data-module="ui-menu"][open]');

  document.addEventListener("click", (event) => {
    open().forEach((menu) => (menu.open = menu.contains(event.target)));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
}
