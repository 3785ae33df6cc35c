// One message of the conversation.

const template = document.querySelector("#message-template");
const list = document.querySelector("#messages");

export class Message {
  constructor(who, text = "") {
    this.element = template.content.cloneNode(true).firstElementChild;
    this.element.classList.add(who === "You" ? "user" : "assistant");
    this.part("who").textContent = who;
    this.add(text);
    list.append(this.element);
    this.element.scrollIntoView({ block: "end" });
  }

  part(name) {
    return this.element.querySelector(`.${name}`);
  }

  get text() {
    return this.part("text").textContent;
  }

  /** Follows the text, unless the user has scrolled up. */
  add(text) {
    const page = document.documentElement;
    const follows = page.scrollHeight - page.scrollTop - page.clientHeight < 80;
    this.part("text").append(text);
    if (follows) page.scrollTop = page.scrollHeight;
  }

  /** A screen reader waits for the whole answer. */
  set isBusy(isBusy) {
    this.element.ariaBusy = String(isBusy);
    this.element.classList.toggle("busy", isBusy);
  }

  set about(text) {
    this.part("foot").hidden = false;
    this.part("about").textContent = text;
  }

  /** Says what went wrong, and offers to try again: at once, or when it makes sense. */
  fail(text, wait, again) {
    const error = this.part("error");
    const button = this.part("again");
    error.hidden = false;
    this.part("foot").hidden = false;
    button.hidden = false;
    button.onclick = again;
    const end = Date.now() + wait * 1000;
    const tick = () => {
      const seconds = Math.ceil((end - Date.now()) / 1000);
      button.disabled = seconds > 0;
      button.textContent = seconds > 0 ? `Ask again in ${seconds} s` : "Ask again";
      if (seconds > 0) setTimeout(tick, 250);
    };
    tick();
    error.textContent = wait ? `${text} Try again in ${wait} seconds.` : text;
    this.element.scrollIntoView({ block: "end" });
  }

  /** Two buttons; at most one is pressed. */
  onRating(rate) {
    const buttons = [...this.element.querySelectorAll("[data-rating]")];
    for (const button of buttons) {
      button.onclick = async () => {
        const isPressed = button.ariaPressed === "true";
        await rate(isPressed ? null : button.dataset.rating);
        for (const each of buttons) each.ariaPressed = String(each === button && !isPressed);
      };
    }
  }

  /** Without an answer, there is nothing to rate. */
  hideRating() {
    for (const button of this.element.querySelectorAll("[data-rating]")) button.hidden = true;
  }

  remove() {
    this.element.remove();
  }
}
