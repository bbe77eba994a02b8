// How sizes, times and faults are said on the page of photos on their way.
self.uploadWords = {
  findFault(file, index, { bytes, count }) {
    const { megabytes } = self.uploadWords;
    if (index >= count) return `We take ${count} photos in one go. Add this one when the others are sent.`;
    if (file.size === 0) return "This file is empty. Choose the photo once more.";
    if (file.size > bytes) return `This file has ${megabytes(file.size)}, and we take up to ${megabytes(bytes)}. Send a smaller copy of the photo.`;
    return "";
  },

  megabytes(bytes) {
    return bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  },

  duration(ms) {
    const seconds = Math.ceil(ms / 15_000) * 15;
    if (seconds < 60) return `About ${seconds} seconds`;
    const minutes = Math.ceil(seconds / 60);
    return minutes === 1 ? "About a minute" : `About ${minutes} minutes`;
  },
};
