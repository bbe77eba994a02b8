// CPU of sharp making our two renditions: `node ingest.mjs PHOTO RUNS QUALITY EFFORT`. Prints JSON.
import { readFileSync } from "node:fs";
import sharp from "sharp";

const [photo, runs, quality, effort] = process.argv.slice(2);
const data = readFileSync(photo);
const webp = { quality: Number(quality), effort: Number(effort) };
const within = (side) => ({ width: side, height: side, fit: "inside" });

sharp.concurrency(1);
sharp.cache(false);

const ways = {
  // One decode; the small rendition is made from the pixels of the large one, as we do it.
  async once() {
    const { data: pixels, info } = await sharp(data).rotate().resize(within(1024)).raw().toBuffer({ resolveWithObject: true });
    const raw = () => sharp(pixels, { raw: { width: info.width, height: info.height, channels: info.channels } });
    return [await raw().webp(webp).toBuffer(), await raw().resize(within(320)).webp(webp).toBuffer()];
  },
  // As its manual shows it: two clones of one pipeline.
  async clones() {
    const photo = sharp(data).rotate();
    return Promise.all([1024, 320].map((side) => photo.clone().resize(within(side)).webp(webp).toBuffer()));
  },
};

async function measure(way) {
  const before = process.cpuUsage();
  const pictures = await way();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, pictures };
}

const result = { version: sharp.versions.sharp, sizes: [], once: [], clones: [] };
for (const [name, way] of Object.entries(ways)) {
  const { pictures } = await measure(way); // The first run warms up and is not counted.
  result.sizes.push(await Promise.all(pictures.map(async (picture) => {
    const { width, height } = await sharp(picture).metadata();
    return [width, height];
  })));
  for (let run = 0; run < Number(runs); run++) result[name].push((await measure(way)).ms);
}
console.log(JSON.stringify(result));
