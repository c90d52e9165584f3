/** The address for all who are in the room: large, and as a QR code.  The picture knows it: this browser may have come by another. */

const whole = document.getElementById("whole");
whole.hidden = !document.documentElement.requestFullscreen;
whole.onclick = () => document.documentElement.requestFullscreen();
document.onfullscreenchange = () => (whole.hidden = !!document.fullscreenElement);

function show(address) {
  const { href, host, port, protocol } = new URL(address);
  document.getElementById("url").textContent = href.replace(/\/$/, "");
  document.getElementById("terminal").textContent = `lanchat join ${protocol === "https:" ? "--tls " : ""}${port ? host : `${host}:${protocol === "https:" ? 443 : 80}`}`;
}

show(location.origin);
const picture = await (await fetch("/qr.svg")).text();
const title = new DOMParser().parseFromString(picture, "image/svg+xml").querySelector("title");
if (title) show(title.textContent);
