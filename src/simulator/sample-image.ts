/** A PNG of 64 by 64 pixels in four plain colours: what every image task makes. */
export const sampleImage = (): Uint8Array<ArrayBuffer> => Uint8Array.fromBase64(PNG) as Uint8Array<ArrayBuffer>;

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAWUlEQVR42u3PMREAMAgEMORUU4UxI6xiqoHht9zFQOrczpqsEhAQEBAQEBAQEBAQEBAQEBAQEBAQEBBYB97trMkSEBAQEBAQEBAQEBAQEBAQEBAQEBAQEFj7ugtReOwVgh8AAAAASUVORK5CYII=";
