/**
 * Sending files: the server gives each an address (`/send`), and there it goes, with a bar and a way to stop it.
 *
 * What becomes of it is told as an event, like everything that is said.
 */

export class Files {
  constructor(chat) {
    this.chat = chat;
    /** `{key, place, file, sent, failed, request}` */
    this.uploads = [];
    this.count = 0;
  }

  get offered() {
    return this.chat.talk.commands.some(({ name }) => name === "send");
  }

  of(place) {
    return this.uploads.filter((each) => each.place === place);
  }

  /** Sends files to a place, one after another. */
  async send(files, place = this.chat.talk.place) {
    const waiting = [...files].map((file) => ({ key: ++this.count, place, file, sent: 0, failed: "", request: null }));
    this.uploads.push(...waiting);
    this.chat.changed();
    for (const upload of waiting) if (this.uploads.includes(upload)) await this.put(upload);
  }

  async put(upload) {
    const { place, file } = upload;
    upload.failed = "";
    const to = place.isPrivate ? { nick: place.name } : { room: place.name };
    const permit = await this.chat.link.ask({ op: "send", ...to });
    if (permit?.event !== "upload") upload.failed = permit?.text || "There is no connection just now.";
    else if (permit.most && file.size > permit.most) upload.failed = `A file may have ${size(permit.most)}; this one has ${size(file.size)}.`;
    else if (this.uploads.includes(upload)) await this.transfer(upload, permit.path);
    if (!upload.failed) this.drop(upload);
    this.chat.changed();
  }

  transfer(upload, path) {
    return new Promise((done) => {
      const request = (upload.request = new XMLHttpRequest());
      request.open("PUT", path + encodeURIComponent(upload.file.name || "picture.png"));
      request.upload.onprogress = ({ loaded }) => {
        upload.sent = loaded;
        this.chat.changed();
      };
      request.onload = () => {
        if (request.status >= 300) upload.failed = request.responseText.trim() || "The server did not take it.";
      };
      request.onerror = () => (upload.failed = "The connection broke while it was sent.");
      request.onloadend = done;
      request.send(upload.file);
    });
  }

  retry(upload) {
    upload.sent = 0;
    this.put(upload);
  }

  drop(upload) {
    this.uploads = this.uploads.filter((each) => each !== upload);
    if (upload.request && upload.request.readyState !== 4) upload.request.abort();
    this.chat.changed();
  }
}

/** Gives a size as people read it. */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let unit = -1;
  for (; bytes >= 1024 && unit < units.length - 1; unit++) bytes /= 1024;
  return `${bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[unit]}`;
}
