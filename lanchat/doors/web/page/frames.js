/** Draws at most once a frame, however much is heard; now and then while nobody looks. */
export function perFrame(draw) {
  let wanted = false;
  const run = () => {
    wanted = false;
    draw();
  };
  return () => {
    if (wanted) return;
    wanted = true;
    if (document.hidden) setTimeout(run, 500);
    else requestAnimationFrame(run);
  };
}
