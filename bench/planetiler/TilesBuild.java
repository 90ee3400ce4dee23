// What Planetiler makes of the inputs of bench/tiles_build.py: all attributes, from zoom 6 on, one of `thin` features kept for each zoom out.
//
//   java -cp 'LIB/*' TilesBuild.java OUTPUT.pmtiles THIN MAX_ZOOM INPUT.geojsonl...
import com.onthegomap.planetiler.FeatureCollector;
import com.onthegomap.planetiler.Planetiler;
import com.onthegomap.planetiler.Profile;
import com.onthegomap.planetiler.config.Arguments;
import com.onthegomap.planetiler.reader.SourceFeature;
import java.nio.file.Path;

public class TilesBuild implements Profile {
  private static final int MIN_ZOOM = 6;
  private final double thin;
  private final int maxZoom;

  private TilesBuild(double thin, int maxZoom) {
    this.thin = thin;
    this.maxZoom = maxZoom;
  }

  private int minZoomOf(long id) {
    long bits = (id + 1) * 0x9e3779b97f4a7c15L;
    bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    double share = ((bits ^ (bits >>> 31)) >>> 11) * 0x1p-53;
    int zoom = MIN_ZOOM;
    while (zoom < maxZoom && share > Math.pow(thin, zoom - maxZoom)) zoom++;
    return zoom;
  }

  @Override
  public void processFeature(SourceFeature source, FeatureCollector features) {
    var feature = source.isPoint() ? features.point("x") : source.canBePolygon() ? features.polygon("x") : features.line("x");
    feature.setZoomRange(minZoomOf(source.id()), maxZoom).setMinPixelSize(0);
    source.tags().forEach(feature::setAttr);
  }

  @Override
  public String name() {
    return "x";
  }

  public static void main(String[] args) throws Exception {
    var output = args[0];
    var arguments = Arguments.of("force", "true", "minzoom", "" + MIN_ZOOM, "maxzoom", args[2], "tmpdir", output + ".tmp", "tile_warning_size_mb", "100");
    var planetiler = Planetiler.create(arguments).setProfile(new TilesBuild(Double.parseDouble(args[1]), Integer.parseInt(args[2])));
    for (int i = 3; i < args.length; i++) planetiler.addGeoJsonSource("features" + i, Path.of(args[i]));
    planetiler.setOutput(Path.of(output)).run();
  }
}
