/** An output as people look at it: a film plays, a picture shows; what is no web address is told, and leads nowhere. */
export const Media = ({ url }: { url: string }) => {
  const parsed = URL.parse(url);
  // It is what upstream says: `javascript:` would be run by whoever opens it.
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return <p class="muted">{url.slice(0, 200)}</p>;
  const path = parsed.pathname.toLowerCase();
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
