"use strict";
// Search and filters over what the page holds already: nothing is made here but a hidden flag and a number.
(() => {
  const stacks = [...document.querySelectorAll(".stack")];
  const search = document.getElementById("search");
  const choices = [...document.querySelectorAll("select[data-by]")];
  const shown = document.getElementById("shown");
  if (!search) return;
  let texts = null;
  const filter = () => {
    texts ??= stacks.map((one) => one.textContent.toLowerCase());
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = choices.filter((one) => one.value !== "");
    let count = 0;
    stacks.forEach((one, n) => {
      const fits =
        chosen.every((by) => one.dataset[by.dataset.by] === by.value) && wanted.every((word) => texts[n].includes(word));
      one.hidden = !fits;
      count += fits;
    });
    shown.textContent = `${count.toLocaleString("en")} of ${stacks.length.toLocaleString("en")} stacks`;
  };
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(filter, 120);
  });
  choices.forEach((one) => one.addEventListener("change", filter));
  document.documentElement.classList.add("with-script");
})();
