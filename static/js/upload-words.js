// How sizes, times and faults are said on the page of photos on their way.
self.uploadWords = {
  findFault(file, index, { bytes, count }) {
    const { megabytes } = self.uploadWords;
    if (index >= count) return interpolate(gettext("We take %(count)s photos in one go. Add this one when the others are sent."), { count }, true);
    if (file.size === 0) return gettext("This file is empty. Choose the photo once more.");
    if (file.size > bytes) {
      const words = gettext("This file has %(size)s, and we take up to %(most)s. Send a smaller copy of the photo.");
      return interpolate(words, { size: megabytes(file.size), most: megabytes(bytes) }, true);
    }
    return "";
  },

  megabytes(bytes) {
    if (bytes < 1e5) return `${Math.ceil(bytes / 1e3)} KB`;
    const digits = bytes < 1e7 ? 1 : 0;
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return `${(bytes / 1e6).toLocaleString(document.documentElement.lang, options)} MB`;
  },

  duration(ms) {
    const seconds = Math.ceil(ms / 15_000) * 15;
    if (seconds < 60) return interpolate(gettext("About %(seconds)s seconds more."), { seconds }, true);
    const minutes = Math.ceil(seconds / 60);
    return interpolate(ngettext("About a minute more.", "About %(minutes)s minutes more.", minutes), { minutes }, true);
  },

  tellProgress({ total, done, failed, unsent, isPaused, isKept, about }) {
    if (total === 0) return "";
    if (done === total && failed) return interpolate(ngettext("One could not be read: see below.", "%(failed)s could not be read: see below.", failed), { failed }, true);
    if (done === total) return gettext("All of them are read.");
    if (unsent && isPaused) return interpolate(gettext("Paused. %(unsent)s still to send."), { unsent }, true);
    if (!unsent) return about + gettext("You can leave this page: we go on.");
    if (!isKept) return about + gettext("Stay on this page until all are sent: this browser cannot keep them.");
    if ("SyncManager" in self) return about + gettext("You can leave this page: we go on, also when it is closed.");
    return about + gettext("You can leave this page: sending goes on when you open Dresscode again.");
  },
};
