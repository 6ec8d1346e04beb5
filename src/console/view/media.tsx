/** An output as people look at it: a film plays, a picture shows, anything else is a link. */
export const Media = ({ url }: { url: string }) => {
  const path = URL.parse(url)?.pathname.toLowerCase() ?? "";
  const isPicture = /\.(png|jpe?g|webp|gif|avif)$/.test(path);
  return (
    <div class="media">
      {isPicture ? (
        <img src={url} alt="Output of the job" />
      ) : (
        <video src={url} controls playsinline preload="metadata" />
      )}
      <p>
        <a href={url} rel="noreferrer" target="_blank">
          Open the file
        </a>
      </p>
    </div>
  );
};
