// What Planetiler makes of the inputs of bench/tiles_build.py: all attributes, zooms 6-14, one of `thin` features kept for each zoom out.
//
//   java -cp 'LIB/*' TilesBuild.java INPUT.geojsonl OUTPUT.pmtiles THIN
import com.onthegomap.planetiler.FeatureCollector;
import com.onthegomap.planetiler.Planetiler;
import com.onthegomap.planetiler.Profile;
import com.onthegomap.planetiler.config.Arguments;
import com.onthegomap.planetiler.reader.SourceFeature;
import java.nio.file.Path;

public class TilesBuild implements Profile {
  private static final int MIN_ZOOM = 6;
  private static final int MAX_ZOOM = 14;
  private final double thin;

  private TilesBuild(double thin) {
    this.thin = thin;
  }

  private int minZoomOf(long id) {
    long bits = (id + 1) * 0x9e3779b97f4a7c15L;
    bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    double share = ((bits ^ (bits >>> 31)) >>> 11) * 0x1p-53;
    int zoom = MIN_ZOOM;
    while (zoom < MAX_ZOOM && share > Math.pow(thin, zoom - MAX_ZOOM)) zoom++;
    return zoom;
  }

  @Override
  public void processFeature(SourceFeature source, FeatureCollector features) {
    var feature = source.isPoint() ? features.point("x") : features.line("x");
    feature.setZoomRange(minZoomOf(source.getLong("id")), MAX_ZOOM).setMinPixelSize(0);
    source.tags().forEach(feature::setAttr);
  }

  @Override
  public String name() {
    return "x";
  }

  public static void main(String[] args) throws Exception {
    var arguments = Arguments.of("force", "true", "minzoom", "" + MIN_ZOOM, "maxzoom", "" + MAX_ZOOM, "tmpdir", args[1] + ".tmp", "tile_warning_size_mb", "100");
    Planetiler.create(arguments)
      .setProfile(new TilesBuild(Double.parseDouble(args[2])))
      .addGeoJsonSource("features", Path.of(args[0]))
      .setOutput(Path.of(args[1]))
      .run();
  }
}
